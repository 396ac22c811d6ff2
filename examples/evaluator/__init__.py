"""A reference evaluator: it judges KPIs against targets, and tells Milepost by signed webhooks. Run: `make evaluator`.

It keeps to the contract of docs/evaluator.md, in its own process with its own storage, and can be told to be slow,
down, wrong or to repeat itself, so that what must survive an evaluator like that can be tried.
"""
