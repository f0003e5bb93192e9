"""The store's own papers: identity, generations, imports, jobs, leases."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from shared.store.tables.base import RowNumber, metadata
from shared.store.types import UtcTime

store_meta = Table(
    "store_meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

# Counters that tell readers "this kind of fact has changed, load it again".
generations = Table(
    "generations",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("generation", BigInteger, nullable=False),
)

# A file is known by its content, so that a renamed copy is not imported twice.
import_files = Table(
    "import_files",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("schema", String(40), primary_key=True),
    Column("file_name", String(400), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rows_total", BigInteger, nullable=False),
    Column("rows_done", BigInteger, nullable=False),
    Column("rows_stored", BigInteger, nullable=False),
    Column("rows_rejected", BigInteger, nullable=False),
    Column("started_time", UtcTime, nullable=False),
    Column("finished_time", UtcTime, nullable=True),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("run_id", RowNumber, primary_key=True),
    Column("job", String(40), nullable=False),
    Column("scheduled_time", UtcTime, nullable=False),
    Column("owner", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_time", UtcTime, nullable=False),
    Column("finished_time", UtcTime, nullable=True),
    Column("detail", String(500), nullable=False, server_default=""),
)
Index("uq_job_runs_job", job_runs.c.job, job_runs.c.scheduled_time, unique=True)

# `fence` rises with every change of owner: work of a former holder can be told from the new one's.
leases = Table(
    "leases",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("expires_time", UtcTime, nullable=False),
    Column("fence", BigInteger, nullable=False),
)
