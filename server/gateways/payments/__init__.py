"""Where money changes hands: Stripe, or the built-in provider of demos and sandboxes."""
