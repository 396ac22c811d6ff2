"""What the pages and the message of this subject say, in the languages there are. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.templates import catalogues


class Texts(NamedTuple):
    """The texts of one language. `{sender}`, `{topics}` and `{url}` are put in; a sender that is known in `…_from`."""

    language: str
    unsubscribe: str
    choose: str
    choose_from: str
    these: str
    everything: str
    left: str
    left_everything: str
    nothing: str
    confirm: str
    asked: str
    asked_from: str
    yes: str
    confirmed: str
    no_link: str
    no_link_hint: str
    over: str
    over_hint: str
    mail: str


_ENGLISH: Final = Texts(
    language="en",
    unsubscribe="Unsubscribe",
    choose="Choose what you no longer want to get.",
    choose_from="Choose what you no longer want to get from {sender}.",
    these="Unsubscribe from what is chosen",
    everything="Unsubscribe from everything",
    left="You will get no more messages about this: {topics}.",
    left_everything="You will get no more of these messages.",
    nothing="You have not chosen anything, so nothing has changed.",
    confirm="Please confirm",
    asked="You, or somebody else, asked for messages to you.",
    asked_from="You, or somebody else, asked for messages from {sender} to you.",
    yes="Yes, I agree",
    confirmed="Thank you. You have agreed.",
    no_link="This link does not work",
    no_link_hint="It may have been cut off. Use the link of a newer message.",
    over="This link has ended",
    over_hint="It was good for seven days, or something has changed since. Ask for a new one.",
    mail="Confirm here that you want these messages:\n{url}\n\nIf you did not ask for them, do nothing. "
    "The link is good for seven days.",
)
_GERMAN: Final = Texts(
    language="de",
    unsubscribe="Abmelden",
    choose="Wählen Sie, was Sie nicht mehr erhalten möchten.",
    choose_from="Wählen Sie, was Sie von {sender} nicht mehr erhalten möchten.",
    these="Vom Gewählten abmelden",
    everything="Von allem abmelden",
    left="Sie erhalten hierzu keine Nachrichten mehr: {topics}.",
    left_everything="Sie erhalten keine dieser Nachrichten mehr.",
    nothing="Sie haben nichts gewählt, deshalb hat sich nichts geändert.",
    confirm="Bitte bestätigen",
    asked="Sie oder jemand anders hat Nachrichten an Sie bestellt.",
    asked_from="Sie oder jemand anders hat Nachrichten von {sender} an Sie bestellt.",
    yes="Ja, ich bin einverstanden",
    confirmed="Vielen Dank. Sie sind einverstanden.",
    no_link="Dieser Link funktioniert nicht",
    no_link_hint="Vielleicht wurde er abgeschnitten. Nehmen Sie den Link einer neueren Nachricht.",
    over="Dieser Link ist abgelaufen",
    over_hint="Er galt sieben Tage, oder seither hat sich etwas geändert. Fordern Sie einen neuen an.",
    mail="Bestätigen Sie hier, dass Sie diese Nachrichten möchten:\n{url}\n\nFalls Sie sie nicht bestellt haben, "
    "tun Sie nichts. Der Link gilt sieben Tage.",
)
_FRENCH: Final = Texts(
    language="fr",
    unsubscribe="Se désabonner",
    choose="Choisissez ce que vous ne souhaitez plus recevoir.",
    choose_from="Choisissez ce que vous ne souhaitez plus recevoir de {sender}.",
    these="Se désabonner de la sélection",
    everything="Se désabonner de tout",
    left="Vous ne recevrez plus de messages sur ces sujets : {topics}.",
    left_everything="Vous ne recevrez plus ces messages.",
    nothing="Vous n'avez rien choisi, rien n'a donc changé.",
    confirm="Veuillez confirmer",
    asked="Vous, ou quelqu'un d'autre, avez demandé des messages à votre adresse.",
    asked_from="Vous, ou quelqu'un d'autre, avez demandé des messages de {sender} à votre adresse.",
    yes="Oui, j'accepte",
    confirmed="Merci. Vous avez accepté.",
    no_link="Ce lien ne fonctionne pas",
    no_link_hint="Il a peut-être été coupé. Utilisez le lien d'un message plus récent.",
    over="Ce lien a expiré",
    over_hint="Il était valable sept jours, ou quelque chose a changé depuis. Demandez-en un nouveau.",
    mail="Confirmez ici que vous souhaitez ces messages :\n{url}\n\nSi vous ne les avez pas demandés, ne faites rien. "
    "Le lien est valable sept jours.",
)
_SPANISH: Final = Texts(
    language="es",
    unsubscribe="Darse de baja",
    choose="Elija lo que ya no quiere recibir.",
    choose_from="Elija lo que ya no quiere recibir de {sender}.",
    these="Darse de baja de lo elegido",
    everything="Darse de baja de todo",
    left="Ya no recibirá mensajes sobre esto: {topics}.",
    left_everything="Ya no recibirá estos mensajes.",
    nothing="No ha elegido nada, así que nada ha cambiado.",
    confirm="Confirme, por favor",
    asked="Usted, u otra persona, ha pedido mensajes para usted.",
    asked_from="Usted, u otra persona, ha pedido mensajes de {sender} para usted.",
    yes="Sí, estoy de acuerdo",
    confirmed="Gracias. Ha dado su consentimiento.",
    no_link="Este enlace no funciona",
    no_link_hint="Puede que esté cortado. Use el enlace de un mensaje más reciente.",
    over="Este enlace ha caducado",
    over_hint="Era válido siete días, o algo ha cambiado desde entonces. Pida uno nuevo.",
    mail="Confirme aquí que quiere estos mensajes:\n{url}\n\nSi no los ha pedido, no haga nada. "
    "El enlace es válido siete días.",
)
TEXTS: Final[Mapping[str, Texts]] = {each.language: each for each in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)}


def of(*wanted: str | None) -> Texts:
    """Return the texts of the first wanted language that there is, by its tag; English where there is none."""
    return catalogues.lookup(TEXTS, *wanted)
