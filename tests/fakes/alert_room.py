"""An alert room with users whose settings a test makes up."""

from dataclasses import dataclass, field

from kstock.alert.v1 import alert_service_pb2, user_pb2


@dataclass
class FakeAlertRoom:
    """Settings by `user_ref`; `asked` is on whose behalf somebody asked, in order."""

    languages: dict[str, str] = field(default_factory=dict)
    watched: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def GetUser(
        self, request: alert_service_pb2.GetUserRequest, _context: object
    ) -> alert_service_pb2.GetUserResponse:
        self.asked.append(request.user_ref)
        language = self.languages.get(request.user_ref, "")
        return alert_service_pb2.GetUserResponse(user=user_pb2.User(user_ref=request.user_ref, language=language))

    async def ListWatchItems(
        self, request: alert_service_pb2.ListWatchItemsRequest, _context: object
    ) -> alert_service_pb2.ListWatchItemsResponse:
        self.asked.append(request.user_ref)
        watched = self.watched.get(request.user_ref, {})
        items = [user_pb2.WatchItem(ticker=ticker, name=name) for ticker, name in watched.items()]
        return alert_service_pb2.ListWatchItemsResponse(items=items, max_items=100)
