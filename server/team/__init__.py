"""The people of an account: invited, changed, put out, and whoever takes over from them."""
