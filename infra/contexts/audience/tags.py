"""The groups of operations of the audience in the API reference, and their place in it: the lowest comes first."""

PLACE = 50
TAGS = {
    "leads": "People that a tenant may reach: who they are, what they have bought, and what they have agreed to.",
    "lead-imports": "Leads out of files of up to a million rows, each inserted, updated or refused for itself.",
    "segments": "Rules that say which leads belong together, and who satisfies them at the moment.",
    "delivery-providers": "What sends messages for a tenant: its own gateways and accounts, and what the stage sends.",
    "suppressions": "Addresses that must not be written to, and why.",
    "unsubscribe": "The page on which somebody says that they want no more messages.",
    "opt-in": "The page on which somebody confirms that they want messages.",
    "opens": "The picture in a message that counts that it was opened.",
    "clicks": "The links in a message that count that they were followed.",
    "campaigns": "One message to each lead of a segment, once: started, paused, resumed, and counted.",
    "delivery": "What providers tell of messages, and what people answer to them.",
    "audience": "What a tenant has decided about its audience.",
}
