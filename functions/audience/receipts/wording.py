"""What somebody is answered who has sent STOP, START or HELP, in the languages there are. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from functions.audience.respect.words import Action
from shared.templates import catalogues


class Texts(NamedTuple):
    """The answers of one language; each begins with the sender, where one is known."""

    stop: str
    start: str
    help: str


_TEXTS: Final[Mapping[str, Texts]] = {
    "en": Texts(
        stop="You will get no more messages. Reply START to get them again.",
        start="You will get messages again. Reply STOP to get none.",
        help="Reply STOP to get no more messages, START to get them again.",
    ),
    "de": Texts(
        stop="Sie erhalten keine Nachrichten mehr. Antworten Sie START, um sie wieder zu erhalten.",
        start="Sie erhalten wieder Nachrichten. Antworten Sie STOP, um keine mehr zu erhalten.",
        help="Antworten Sie STOP, um keine Nachrichten mehr zu erhalten, START für neue.",
    ),
    "fr": Texts(
        stop="Vous ne recevrez plus de messages. Répondez START pour en recevoir à nouveau.",
        start="Vous recevrez à nouveau des messages. Répondez STOP pour ne plus en recevoir.",
        help="Répondez STOP pour ne plus recevoir de messages, START pour en recevoir à nouveau.",
    ),
    "es": Texts(
        stop="No recibirá más mensajes. Responda START para recibirlos de nuevo.",
        start="Recibirá mensajes de nuevo. Responda STOP para no recibir más.",
        help="Responda STOP para no recibir más mensajes, START para recibirlos de nuevo.",
    ),
}


def answer(action: Action, sender: str | None, *locales: str | None) -> str:
    """Return what is answered, in the first of the languages that there is."""
    text: str = getattr(catalogues.lookup(_TEXTS, *locales), action)
    return text if sender is None else f"{sender}: {text}"
