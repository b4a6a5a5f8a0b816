"""What the server counts, for GET /metrics: no texts, no ids and no addresses. docs/operations.md has the list."""
from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # the time at which each count began says nothing here

MESSAGES = Counter("opi_advisor_messages", "Messages that were answered, by kind and language of the reply.",
                   ["channel", "kind", "language"])
REPLY_SECONDS = Histogram("opi_advisor_reply_seconds", "Seconds from a message to its reply, waiting for its turn included.",
                          buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 4, 8, 16))
ERRORS = Counter("opi_advisor_errors", "Requests that got an error instead, by its code (docs/http.md).", ["code"])
ACTION_FAILURES = Counter("opi_advisor_action_failures", "Calls of the action server without a usable answer.", ["reason"])
STORE_FAILURES = Counter("opi_advisor_store_failures", "Turns that were not kept, by the name of what failed.", ["failure"])
READY = Gauge("opi_advisor_ready", "1 where GET /health/ready answers 200, else 0.")
