{#
  The one definition of a factor's part in the change of a product of up to three factors (Shapley: the
  mean over all orders in which the factors could have changed), per unit of the factor's own change.
  The parts of all factors add up to the change of the product with nothing left over. The other two
  are columns with base_ and current_ before; a product of two has the third equal to 1 on both sides,
  which leaves the mean of the other factor's two values.
#}
{% macro shapley_effect(other, third) -%}
    (
        (base_{{ other }} * base_{{ third }} + current_{{ other }} * current_{{ third }}) / 3
        + (base_{{ other }} * current_{{ third }} + current_{{ other }} * base_{{ third }}) / 6
    )
{%- endmacro %}
