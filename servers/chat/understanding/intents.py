"""Every intention that a question can have, and what each one needs before it can be answered."""

from enum import StrEnum


class Intent(StrEnum):
    """The value is the name in question files, cue tables and events."""

    PRICE_QUOTE = "price.quote"
    PRICE_HISTORY = "price.history"
    PRICE_RETURN = "price.return"
    PRICE_COMPARE = "price.compare"
    PRICE_EXTREME = "price.extreme"
    PRICE_GAP = "price.gap"
    VOLUME_RATIO = "price.volume"
    PRICE_AVERAGE = "price.average"
    PRICE_STREAK = "price.streak"
    PRICE_COST = "price.cost"
    RANKING = "ranking"
    CHART = "chart.image"
    MARKET_INDEX = "market.index"
    MARKET_GATE = "market.gate"
    MARKET_SESSION = "market.session"
    MARKET_SUMMARY = "market.summary"
    MARKET_FX = "market.fx"
    MARKET_SECTORS = "market.sectors"
    FLOW = "flow.investor"
    NEWS = "news"
    FACTS = "instrument.facts"
    FUNDAMENTALS = "instrument.fundamentals"
    ANALYSIS = "analysis.stock"
    SIGNAL_LIST = "signal.list"
    SIGNAL_STOCK = "signal.stock"
    VCP_LIST = "signal.vcp.list"
    VCP_STOCK = "signal.vcp.stock"
    JONGGA_LIST = "signal.jongga.list"
    JONGGA_STOCK = "signal.jongga.stock"
    DAYTRADING_LIST = "signal.daytrading.list"
    DAYTRADING_STOCK = "signal.daytrading.stock"
    DISPARITY_LIST = "signal.disparity.list"
    DISPARITY_STOCK = "signal.disparity.stock"
    DROP_LIST = "signal.drop.list"
    DROP_STOCK = "signal.drop.stock"
    SURGE_LIST = "signal.surge.list"
    SURGE_STOCK = "signal.surge.stock"
    SIGNAL_EXPLAIN = "signal.explain"
    TERM = "knowledge.term"
    SCOREBOARD = "scoreboard"
    SCAN_RUN = "scan.run"
    ALERT_CREATE = "alert.create"
    ALERT_LIST = "alert.list"
    ALERT_DELETE = "alert.delete"
    ALERT_CHANGE = "alert.change"
    WATCH_ADD = "watchlist.add"
    WATCH_REMOVE = "watchlist.remove"
    WATCH_SHOW = "watchlist.show"
    WATCH_CLEAR = "watchlist.clear"
    CANCEL = "action.cancel"
    SUBSCRIBE = "subscription.add"
    UNSUBSCRIBE = "subscription.remove"
    SUBSCRIPTIONS = "subscription.list"
    RECOMMEND_BUY = "recommend.buy"
    RECOMMEND_SELL = "recommend.sell"
    ADVICE = "advice"
    STATUS = "status"
    HELP = "help"
    SMALLTALK = "smalltalk"
    RESET = "conversation.reset"
    OUT_OF_SCOPE = "oos"
    INJECTION = "adversarial.injection"
    PROMISE = "adversarial.promise"
    ORDER = "adversarial.order"
    OTHERS_DATA = "adversarial.others"
    MANIPULATION = "adversarial.manipulation"
    BLAME = "adversarial.blame"
    ACCOUNT = "adversarial.account"
    SECURITY = "help.security"
    DISTRESS = "smalltalk.distress"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"


REFUSALS = frozenset(
    {
        Intent.INJECTION,
        Intent.PROMISE,
        Intent.ORDER,
        Intent.OTHERS_DATA,
        Intent.MANIPULATION,
        Intent.BLAME,
        Intent.ACCOUNT,
    }
)
"""Answered by a short refusal with an alternative; nothing else of the question is carried out."""

WITHOUT_FACTS = (REFUSALS - {Intent.PROMISE}) | {Intent.DISTRESS, Intent.SECURITY}
"""Answered the same whichever instrument is meant, so that nothing is asked back."""

SUBSCRIPTIONS = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.SUBSCRIPTIONS})
"""About regular messages; what they are about is no question of its own."""

NEEDS_STOCK = frozenset(
    {
        Intent.PRICE_QUOTE,
        Intent.PRICE_HISTORY,
        Intent.PRICE_RETURN,
        Intent.PRICE_COMPARE,
        Intent.PRICE_EXTREME,
        Intent.PRICE_GAP,
        Intent.VOLUME_RATIO,
        Intent.PRICE_AVERAGE,
        Intent.PRICE_STREAK,
        Intent.PRICE_COST,
        Intent.CHART,
        Intent.FLOW,
        Intent.NEWS,
        Intent.FACTS,
        Intent.FUNDAMENTALS,
        Intent.ANALYSIS,
        Intent.SIGNAL_STOCK,
        Intent.VCP_STOCK,
        Intent.JONGGA_STOCK,
        Intent.DAYTRADING_STOCK,
        Intent.DISPARITY_STOCK,
        Intent.DROP_STOCK,
        Intent.SURGE_STOCK,
        Intent.ALERT_CREATE,
        Intent.WATCH_ADD,
        Intent.WATCH_REMOVE,
        Intent.RECOMMEND_SELL,
    }
)
"""Without an instrument of its own such a question speaks about the last one of the conversation."""
