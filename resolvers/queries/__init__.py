"""Questions: each reads what one room names, and changes nothing."""
