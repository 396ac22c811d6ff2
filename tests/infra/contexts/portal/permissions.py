"""What each function of the portal may do."""

TABLE_ACTIONS = {
    "functions.portal.api.handler": {"DescribeTable", "UpdateItem"},
}
KEY_ACTIONS = {
    "functions.portal.api.handler": {"DescribeKey"},
}
