"""Gender and age are measured in the words of any data set."""

import numpy as np

from models_ml.metrics.audience_metrics import mean_age, shares_of_gender
from models_ml.vocabulary import Vocabulary


def three_genders() -> Vocabulary:
    """Three genders, two age groups and people of unknown age."""
    names = {
        "gender": ("M", "F", "X"),
        "age_group": ("under 30", "30+", "unknown"),
        **dict.fromkeys(("occupation", "region", "genre"), ("any",)),
    }
    lowest = {"under 30": 1, "30+": 30}
    return Vocabulary.from_rows(
        {
            "dimension": dimension,
            "position": place,
            "name": name,
            "name_pt": name,
            "code": None,
            "lowest": lowest.get(name),
        }
        for dimension, levels in names.items()
        for place, name in enumerate(levels)
    )


def test_shares_and_ages_by_hand() -> None:
    data = three_genders()
    shares = np.array([[0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1]])
    np.testing.assert_allclose(shares_of_gender(shares, data, "F"), 0.4)
    # .4 are under 30 (27 years), .3 are 30 or over (34), .3 told no age.
    np.testing.assert_allclose(
        mean_age(shares, data), (0.4 * 27 + 0.3 * 34) / 0.7
    )
