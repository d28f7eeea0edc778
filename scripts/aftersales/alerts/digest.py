"""The digest of the morning: one story a store, the dearest first, from the published version."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from rich.console import Console
from rich.markup import escape

from aftersales.alerts.decisions import published
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.warehouse.control import alert_decisions_select
from aftersales.warehouse.versions import database_of

LANGUAGES = ("zh", "en")
GROUPS_SHOWN = 10
_WIDTH = 118
_NEW_DAYS = 3

# Open alerts with the newest decisions: what was decided after the build counts at once.
_OPEN = """
    with decisions as ({decisions}),

    newest as (
        select fct_alerts.alert_id, decisions.* exclude (alert_id, rule_id, rule_version, scope_key)
        from marts.fct_alerts
        inner join decisions
            on fct_alerts.rule_id = decisions.rule_id
            and fct_alerts.rule_version = decisions.rule_version
            and fct_alerts.scope_key = decisions.scope_key
            and fct_alerts.opened_on <= decisions.decided_on
        where fct_alerts.is_open
        qualify row_number() over (
            partition by fct_alerts.alert_id order by decisions.decision_number desc
        ) = 1
    )

    select
        alerts.* exclude (status, decided_by, decision_note, snoozed_until_on),
        coalesce(stores.store_name, alerts.region_name) as scope_name,
        case
            when newest.decision = 'snooze' and newest.snoozed_until_on >= alerts.as_of_on
                then 'snoozed'
            when newest.decision = 'acknowledge' then 'acknowledged'
            else 'open'
        end as status,
        newest.decided_by,
        newest.note as decision_note,
        newest.snoozed_until_on
    from (
        select fct_alerts.*, run_context.as_of_on
        from marts.fct_alerts cross join landing.run_context
    ) as alerts
    left join marts.dim_store as stores on alerts.store_key = stores.store_key
    left join newest on alerts.alert_id = newest.alert_id
    where alerts.is_open
"""
# A story whose alerts slept at the build has no rank yet: it comes last.
_GROUPS = """
    with speaking as (
        select
            *,
            row_number() over (
                partition by group_key order by rank_in_group nulls last, alert_id
            ) = 1 as is_lead
        from open_alerts
        where status <> 'snoozed' and ($store is null or scope_name = $store or store_key = $store)
    ),

    leads as (
        select
            *,
            count(*) over (partition by group_key) as alert_count,
            max(days_open) over (partition by group_key) as group_days,
            max(yuan_at_stake) over (partition by group_key) as group_yuan,
            bool_and(status = 'acknowledged') over (partition by group_key) as is_acknowledged,
            string_agg(
                title_{lang}
                || case when opened_on > as_of_on - {new_days} then '{new}' else '' end,
                '{comma}' order by rank_in_group nulls last, alert_id
            ) filter (where not is_lead) over (partition by group_key) as other_titles
        from speaking
    )

    select
        scope_name, colour, classification, is_acknowledged, alert_count, group_days, group_yuan,
        evidence_{lang}, data_evidence_{lang}, top_cause_{lang}, first_action_{lang}, alert_id,
        other_titles
    from leads
    where is_lead
    order by group_rank nulls last, group_key
"""
_SINGLE = """
    select
        scope_name, colour, classification, status, days_open, yuan_at_stake, title_{lang},
        evidence_{lang}, data_evidence_{lang}, alert_id, decided_by, decision_note,
        snoozed_until_on, earlier_alert_count, earlier_days_open
    from open_alerts
    where $store is null or scope_name = $store or store_key = $store
    order by priority_rank nulls last, alert_id
"""
_CAUSES = """
    select cause_{lang}, is_supported, tested_value, comparison
    from marts.fct_alert_causes
    where alert_id = ?
    order by cause_rank
"""
_ACTIONS = """
    select action_{lang}, owner_role
    from marts.fct_alert_actions
    where alert_id = ?
    order by action_rank
"""
_WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "comma": "、",
        "new": "（新）",
        "head": (
            "{as_of} 预警摘要：{groups} 组，{alerts} 项未关闭"
            "（红 {red}，数据 {data}，休眠 {snoozed}）"
        ),
        "line": "{alerts} 项 · 涉及 {yuan} 元 · {days} 天",
        "also": "另有：",
        "cause": "原因：",
        "action": "行动：",
        "data": "数据",
        "uncertain": "不确定",
        "acknowledged": "已确认",
        "snoozed": "休眠至 {until}",
        "by": "{who}：{note}",
        "more": "还有 {count} 组，--all 列出全部",
        "none": "没有未关闭的预警。",
        "supported": {"yes": "有依据", "no": "无依据", "unknown": "无法验证"},
        "earlier": "此前 {count} 次，共 {days} 天",
    },
    "en": {
        "comma": ", ",
        "new": " (new)",
        "head": (
            "Alerts of {as_of}: {groups} stories, {alerts} open alerts "
            "({red} red, {data} about data, {snoozed} asleep)"
        ),
        "line": "{alerts} alerts · {yuan} yuan at stake · {days} days",
        "also": "also: ",
        "cause": "cause: ",
        "action": "do: ",
        "data": "data",
        "uncertain": "uncertain",
        "acknowledged": "acknowledged",
        "snoozed": "asleep until {until}",
        "by": "{who}: {note}",
        "more": "{count} more stories, --all lists everything",
        "none": "No alert is open.",
        "supported": {"yes": "supported", "no": "not supported", "unknown": "cannot be tested"},
        "earlier": "{count} times before, {days} days in all",
    },
}
_MARKS = {"red": "[red]●[/]", "yellow": "[yellow]●[/]"}
_DATA_MARK = "[blue]○[/]"


@dataclass(frozen=True)
class DigestRequest:
    """What the caller wants to read."""

    lang: str = "zh"
    store: str | None = None
    is_all: bool = False


def print_digest(home: Home, request: DigestRequest, console: Console) -> None:
    """Print the stories of the published version, or every open alert with causes and actions."""
    if request.lang not in LANGUAGES:
        raise AftersalesError(f"--lang takes zh or en, not '{request.lang}'.")
    manifest = published(home)
    words = _WORDS[request.lang]
    database = database_of(home, manifest.version_id)
    with duckdb.connect(str(database), read_only=True) as connection:
        _open_alerts(connection, home)
        _require_store(connection, request.store)
        counts = connection.execute(
            "select count(distinct group_key) filter (status <> 'snoozed'), count(*), "
            "count(*) filter (colour = 'red' and classification <> 'data'), "
            "count(*) filter (classification = 'data'), count(*) filter (status = 'snoozed') "
            "from open_alerts where $store is null or scope_name = $store or store_key = $store",
            {"store": request.store},
        ).fetchone() or (0, 0, 0, 0, 0)
        label = f" · {manifest.synthetic_label}" if manifest.synthetic_label else ""
        names = ("groups", "alerts", "red", "data", "snoozed")
        head = words["head"].format(
            as_of=manifest.as_of_on, **dict(zip(names, counts, strict=True))
        )
        console.print(f"[bold]{escape(head)}[/]{escape(label)}", soft_wrap=True)
        if not counts[1]:
            console.print(words["none"])
        elif request.is_all or request.store:
            _print_single(connection, request, words, console)
        else:
            _print_groups(connection, request, words, console)


def _open_alerts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    query = _OPEN.format(decisions=alert_decisions_select(home))
    try:
        connection.execute(f"create temp table open_alerts as {query}")
    except duckdb.CatalogException as error:
        raise AftersalesError(
            "The published version has no alerts yet: build it again with `aftersales run`."
        ) from error


def _require_store(connection: duckdb.DuckDBPyConnection, store: str | None) -> None:
    if store is None:
        return
    known = connection.execute(
        "select store_name from marts.dim_store where store_name = $store or store_key = $store",
        {"store": store},
    ).fetchone()
    if known is None:
        raise AftersalesError(
            f"There is no store {store}: `aftersales alerts` names those with open alerts."
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, request: DigestRequest
) -> list[dict[str, Any]]:
    words = _WORDS[request.lang]
    text = query.format(
        lang=request.lang, comma=words["comma"], new=words["new"], new_days=_NEW_DAYS
    )
    result = connection.execute(text, {"store": request.store})
    names = [column[0].removesuffix(f"_{request.lang}") for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _print_groups(
    connection: duckdb.DuckDBPyConnection,
    request: DigestRequest,
    words: dict[str, Any],
    console: Console,
) -> None:
    groups = _rows(connection, _GROUPS, request)
    for number, group in enumerate(groups[:GROUPS_SHOWN], 1):
        line = words["line"].format(
            alerts=group["alert_count"], yuan=_yuan(group["group_yuan"]), days=group["group_days"]
        )
        state = f"  ✓ {words['acknowledged']}" if group["is_acknowledged"] else ""
        console.print(
            f"{number:>2} {_mark(group, words)} [bold]{escape(group['scope_name'])}[/]  "
            f"{escape(line)}{state}",
            soft_wrap=True,
        )
        parts = [group["evidence"]]
        if group["classification"] != "business":
            parts.append(group["data_evidence"])
        if group["top_cause"]:
            parts.append(words["cause"] + group["top_cause"])
        if group["first_action"]:
            parts.append(words["action"] + group["first_action"])
        console.print(f"     {escape(' · '.join(parts))}", soft_wrap=True)
        also = f"{words['also']}{group['other_titles']}  " if group["other_titles"] else ""
        console.print(f"     [dim]{escape(also)}{escape(group['alert_id'])}[/]", soft_wrap=True)
    if len(groups) > GROUPS_SHOWN:
        console.print(words["more"].format(count=len(groups) - GROUPS_SHOWN))


def _print_single(
    connection: duckdb.DuckDBPyConnection,
    request: DigestRequest,
    words: dict[str, Any],
    console: Console,
) -> None:
    for alert in _rows(connection, _SINGLE, request):
        line = f"{_yuan(alert['yuan_at_stake'])} · {alert['days_open']} d"
        console.print(
            f"{_mark(alert, words)} [bold]{escape(alert['scope_name'])}[/] "
            f"{escape(alert['title'])}  {line}{escape(_state(alert, words))}",
            soft_wrap=True,
        )
        console.print(f"   {escape(alert['evidence'])}", soft_wrap=True)
        console.print(f"   [dim]{escape(alert['alert_id'])}  {escape(alert['data_evidence'])}[/]")
        if alert["earlier_alert_count"]:
            earlier = words["earlier"].format(
                count=alert["earlier_alert_count"], days=alert["earlier_days_open"]
            )
            console.print(f"   [dim]{earlier}[/]")
        if request.store:
            _print_detail(connection, alert["alert_id"], request.lang, words, console)


def _print_detail(
    connection: duckdb.DuckDBPyConnection,
    alert_id: str,
    lang: str,
    words: dict[str, Any],
    console: Console,
) -> None:
    causes = connection.execute(_CAUSES.format(lang=lang), [alert_id]).fetchall()
    for cause, is_supported, tested, comparison in causes:
        found = "" if tested is None else f" ({tested:+.1f}{_unit(comparison)})"
        console.print(f"   ? {escape(cause)}: {words['supported'][is_supported]}{found}")
    actions = connection.execute(_ACTIONS.format(lang=lang), [alert_id]).fetchall()
    for number, (action, role) in enumerate(actions, 1):
        console.print(f"   {number}. {escape(action)} [dim]{role}[/]")


def _unit(comparison: str) -> str:
    return {"percent": " %", "points": " pp"}.get(comparison.rpartition("_")[2], "")


def _state(alert: dict[str, Any], words: dict[str, Any]) -> str:
    if alert["status"] == "open":
        return ""
    text = words[alert["status"]].format(until=alert["snoozed_until_on"])
    note = words["by"].format(who=alert["decided_by"], note=alert["decision_note"] or "–")
    return f"  ✓ {text} ({note})"


def _mark(row: dict[str, Any], words: dict[str, Any]) -> str:
    if row["classification"] == "data":
        return f"{_DATA_MARK} {words['data']}"
    mark = _MARKS[row["colour"]]
    return f"{mark} {words['uncertain']}" if row["classification"] == "uncertain" else mark


def _yuan(value: Decimal) -> str:
    return f"{value:,.0f}"


def make_console() -> Console:
    """A console wide enough for a line of the digest."""
    console = Console(highlight=False)
    console.width = max(console.width, _WIDTH)
    return console
