"""What a visitor does on a scheduling page and with the manage link: take a slot, move it, give it back."""
