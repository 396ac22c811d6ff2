"""Example values that the answers of identity share in the API reference."""

USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"
TENANT_ID = "tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6"
MOMENT = "2026-11-20T09:30:00.000Z"
MASKED = "+**********678"
