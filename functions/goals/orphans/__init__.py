"""Goals whose owner was removed or disabled, as the owners of the tenant see them."""
