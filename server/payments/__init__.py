"""A meeting that is paid for: checkout, notices, refunds. The provider's signed notice decides, not the browser."""
