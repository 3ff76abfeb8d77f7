"""What is counted while the server runs. Any room counts; `/metrics` tells.

With several worker processes `prometheus_client` adds them up by way of files, if `PROMETHEUS_MULTIPROC_DIR` names a
folder before this module is read; `parley serve --workers` sees to that."""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second time series for each, which nobody reads

REQUESTS = Counter("parley_requests_total", "HTTP requests answered.", ["door", "status"])
REQUEST_SECONDS = Histogram(
    "parley_request_seconds",
    "Seconds from the request to the end of its answer.",
    ["door"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
FALLBACKS = Counter(
    "parley_fallbacks_total", "Operations that the reference executor answered for want of a plan.", ["reason"]
)
QUERIES_GIVEN_UP = Counter("parley_queries_given_up_total", "Queries that took longer than a query may.")
KEPT_ANSWERS = Counter("parley_kept_answers_total", "Answers that may be given again: found, or made.", ["result"])
BOOKINGS = Counter("parley_bookings_total", "Meetings booked through a meeting link.")
SLOTS_LOST = Counter("parley_slots_lost_total", "Bookings refused because somebody else was faster.")
MAILS_SENT = Counter("parley_mails_sent_total", "Mails that the mail server accepted.", ["kind"])
MAILS_FAILED = Counter("parley_mails_failed_total", "Attempts to send a mail that failed.", ["kind"])
WEBHOOKS_SENT = Counter("parley_webhooks_sent_total", "Attempts to post a change to a webhook.", ["result"])
WEBHOOK_LAG_SECONDS = Gauge(
    "parley_webhook_lag_seconds",
    "Age of the oldest change that a webhook which is switched on has not had.",
    multiprocess_mode="mostrecent",
)
WEBHOOKS_FAILING = Gauge(
    "parley_webhooks_failing",
    "Webhooks whose last delivery failed, or that were disabled.",
    multiprocess_mode="mostrecent",
)
PUSHES = Counter("parley_pushes_total", "Notices to devices: sent, failed, or gone with it.", ["platform", "result"])
SIGN_INS = Counter("parley_sign_ins_total", "Attempts to sign in.", ["result"])
SUBSCRIBERS = Gauge("parley_subscribers", "Subscriptions open at the moment.", multiprocess_mode="livesum")
JOBS_WAITING = Gauge("parley_jobs_waiting", "Deliveries that are due and not made yet.", multiprocess_mode="mostrecent")
JOBS_DEAD = Gauge("parley_jobs_dead", "Deliveries that were given up.", multiprocess_mode="mostrecent")
JOB_LAG_SECONDS = Gauge(
    "parley_job_lag_seconds", "Age of the oldest delivery that is due and not made.", multiprocess_mode="mostrecent"
)
