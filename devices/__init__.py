"""What the hardware says: drivers end at a reading and know nothing of warehouse work."""
