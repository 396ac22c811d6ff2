"""The command `milepost leads`: the people whom a tenant may reach, brought in from files and written into them."""
