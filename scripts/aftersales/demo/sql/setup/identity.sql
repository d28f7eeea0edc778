-- VIN and plate of a vehicle number: unique, well-formed, and the VIN's check digit is right.
create or replace macro vin_letter(place, letter) as
    [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9][
        ascii(letter) - 64
    ] * [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2][place];

create or replace macro digit_sum(tail, places) as (
    list_sum(list_transform(
        range(1, length(tail) + 1), lambda i: tail[i]::integer * places[i]
    ))
);

create or replace table vehicle_identity (
    vehicle_seq integer, vin varchar, plate_no varchar, model_name varchar, energy_type varchar
);
