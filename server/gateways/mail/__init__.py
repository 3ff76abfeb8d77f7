"""E-mail: how it is put together, sent, and caught in the demo."""
