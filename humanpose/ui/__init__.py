"""The app: its pages are in ``pages/``."""

from humanpose.ui.language import visitors_language
from humanpose.words import ask_for_language

ask_for_language(visitors_language)
