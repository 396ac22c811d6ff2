"""Links that show a goal to anybody with the address: badge, chart and calendar."""
