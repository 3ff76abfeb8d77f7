"""The phones and browsers that want to be woken, and the promises to wake them."""
