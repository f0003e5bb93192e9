"""Headlines as documents."""

from servers.chat.retrieval.document import Document, DocumentKind
from shared.store.repositories.news import NewsItem


def news_document(item: NewsItem) -> Document:
    """A stored story."""
    headline = item.headline
    return Document(
        document_id=f"news:{item.news_id}",
        kind=DocumentKind.NEWS,
        title=headline.title,
        text=headline.lead,
        source=headline.press or item.source,
        publish_time=headline.published_time,
        tickers=headline.tickers,
        url=headline.url,
    )
