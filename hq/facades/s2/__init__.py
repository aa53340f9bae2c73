"""Ventmere S2 (seed 004) over the one truth: orders, the fulfillments made for them, products, a stock overview."""

from hq.facades.s2.service import facade

__all__ = ["facade"]
