"""Structured logs and metrics. One line per thing worth waking up for; the access log of the API has the rest."""

from aws_lambda_powertools import Logger

logger = Logger()
