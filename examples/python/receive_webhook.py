"""Be told of a completed goal: make an endpoint, receive the message, and verify that it is Milepost's."""

from http.server import HTTPServer

from milepost import call
from receiver import Receiver, receive

with HTTPServer(("127.0.0.1", 0), Receiver) as server:
    # On a laptop an endpoint may be on this machine; on AWS it is an https address of the internet.
    address = f"http://127.0.0.1:{server.server_port}/hooks"
    endpoint = call("POST", "/webhook-endpoints", {"url": address, "event_types": ["goals.goal.completed"]})

    try:
        goal = call("POST", "/goals", {"title": "Run a marathon"})
        call("POST", f"/goals/{goal['goal_id']}/complete")
        receive(server, endpoint["secret"], messages=1)
    finally:
        call("DELETE", f"/webhook-endpoints/{endpoint['endpoint_id']}")
