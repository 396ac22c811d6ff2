"""Currencies by their three letters, and how many decimals the amounts of each have.

Source: ISO 4217, table A.1, which its maintenance agency (SIX Financial Information) publishes as `list-one.xml`; as it
is since January 2026, so without BGN. These are the currencies that people are paid in, and the units of account by
which contracts in Chile and Uruguay are priced. It has no other funds, no metals, and no codes for tests.
"""

from collections.abc import Mapping
from typing import Final

_BY_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
    CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
    TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS: Final[Mapping[str, int]] = {
    code: decimals for decimals, codes in _BY_DECIMALS.items() for code in codes.split()
}
"""The decimals of the amounts of each currency, by its code."""


def known(code: str) -> str:
    """Return the code of a currency that there is. Raises ValueError, which says what is wrong with it."""
    if code not in DECIMALS:
        raise ValueError("must be the code of a currency (ISO 4217), such as EUR")
    return code
