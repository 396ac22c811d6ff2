"""Gateways: what moves the money of a payment, one file each."""
