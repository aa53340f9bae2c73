"""What HQ knows: pulls work, pushes facts, and keeps every promise or shows it."""
