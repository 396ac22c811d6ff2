"""A receiver of HTTP requests that answers in named ways, most of them failures, and keeps what it has received."""
