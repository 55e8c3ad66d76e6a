"""Read people alike: whoever is meant, a pronoun of the third person is one word to the network, as is a nationality.

A network that learned from what people post reads "they lost the job" as calmer than "she lost the job", and "American"
as less neutral than "Polish". Nothing that is felt depends on it: read so, what GoEmotions holds is told as well as
before (macro-F1 on dev 0.538, and 0.537 without). Which word stands in is a matter of that figure alone: with "she" for
all it is 0.533, with "they" 0.530. Words that may tell what somebody lives with (deaf, old, a faith) stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ALIKE: Final = {
    "he": "she they",
    "him": "her them",
    "his": "hers their theirs",
    "himself": "herself themselves themself",
    "local": (
        "afghan african albanian algerian american angolan arab argentine armenian asian australian austrian "
        "azerbaijani bangladeshi belarusian belgian bolivian bosnian brazilian british bulgarian burmese "
        "cambodian cameroonian canadian chilean chinese colombian congolese croatian cuban czech danish dominican "
        "dutch ecuadorian egyptian english estonian ethiopian european filipino finnish french georgian german "
        "ghanaian greek guatemalan haitian honduran hungarian icelandic indian indonesian iranian iraqi irish "
        "israeli italian jamaican japanese jordanian kazakh kenyan korean kurdish kuwaiti laotian latvian "
        "lebanese liberian libyan lithuanian macedonian malaysian mexican mongolian moroccan nepalese nepali "
        "nicaraguan nigerian norwegian pakistani palestinian panamanian paraguayan persian peruvian polish "
        "portuguese qatari romanian russian rwandan saudi scottish senegalese serbian singaporean slovak "
        "slovenian somali spanish sudanese swedish swiss syrian taiwanese tanzanian thai tibetan tunisian turkish "
        "ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh yemeni zambian zimbabwean"
    ),
}
"""The word that stands for others -> those others."""


def even_tokens(tokenizer: Tokenizer) -> dict[int, int]:
    """Return which token is read in place of which, as far as a tokenizer has both as one token.

    Args:
        tokenizer: of the network that reads.
    """
    found: dict[int, int] = {}
    for stand_in, others in ALIKE.items():
        for cased in (str.lower, str.capitalize):
            target = tokenizer.token_to_id(cased(stand_in))
            tokens = (tokenizer.token_to_id(cased(word)) for word in others.split())
            found |= {token: target for token in tokens if token is not None and target is not None}
    return found
