"""What a notification may do by itself: tokens that stand for one act, and the acts."""
