"""What people read: sentences by language, and dates, times and zones as their language writes them. Pure."""

from server.wording import when
from server.wording.catalogue import LOCALES, say, say_html
from server.wording.languages import best_locale, direction, language_name, regional_locale

__all__ = ["LOCALES", "best_locale", "direction", "language_name", "regional_locale", "say", "say_html", "when"]
