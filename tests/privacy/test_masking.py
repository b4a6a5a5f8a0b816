"""What is masked, in every form that it may be written in, and what is not."""
import random
import re
import time
import uuid

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opi_advisor.knowledge import default_knowledge
from opi_advisor.privacy.masking import mask, tells_a_person
from tests.privacy.written_numbers import LOOK_ALIKES, WRITTEN

MASKS = default_knowledge().privacy.masks
FRAMES = ("{}", "Mit nummer er {}.", "Hej, det er {}, hvorfor er kommunen så langsom?", "({})", "Call me: {}\nThanks", "»{}«", "er det {}?")
MAX_SECONDS = 0.3  # for the worst message of 1,000 characters, on a slow machine
EXAMPLES = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def written(kind):
    return [pytest.param(kind, text, id=ascii(text)) for text in WRITTEN[kind]]


def digits_in(text):
    return sum(character.isdigit() for character in text)


@pytest.mark.parametrize(("kind", "text"), [case for kind in WRITTEN for case in written(kind)])
def test_it_is_masked_however_it_is_written(kind, text):
    for frame in FRAMES:
        masked = mask(frame.format(text))
        assert MASKS[kind] in masked and digits_in(masked) <= 2, masked  # an extension may stay
        assert not re.search(r"nogen|firma|andre|kommune\.|example", masked, re.IGNORECASE), masked


@pytest.mark.parametrize("text", LOOK_ALIKES, ids=ascii)
def test_what_only_looks_alike_stays(text):
    for said in (text, f"Vi taler om {text}, ikke sandt?", f"({text})", f"Is it {text}?"):
        assert mask(said) == said


def test_several_in_one_message_are_all_masked_and_the_rest_stays():
    said = "Jeg er Bo, cpr {cpr}, tlf. {phone} eller {email}, kort {card}. Hvad driver 2 af jer?"
    written = dict(cpr="010190-1234", phone="20 30 40 50", email="bo@firma.example", card="4111 1111 1111 1111")
    assert mask(said.format(**written)) == said.format(**MASKS.dict())


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_every_country_are_masked(region):
    example = phonenumbers.example_number(region)
    for form in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
        number = phonenumbers.format_number(example, form)
        for text in (number, number.replace("+", "00", 1)):
            assert digits_in(mask(f"Ring {text} i morgen")) == 0, text


DAYS = st.dates().map(lambda day: day.strftime("%d%m%y"))
SERIALS = st.from_regex(r"[0-9]{4}", fullmatch=True)
JOINTS = st.sampled_from(["-", "", " ", ".", "–", " - ", "\u00a0", "/"])
AROUND = st.text(st.characters(blacklist_categories=("Cs", "Nd"), blacklist_characters="@§"), max_size=40).filter(
    lambda text: not digits_in(text) and not default_knowledge().privacy.masks.cpr in text)
PHONES = st.from_regex(r"[2-9][0-9]{7}", fullmatch=True)


@given(AROUND, DAYS, JOINTS, SERIALS, AROUND)
@EXAMPLES
def test_no_cpr_number_survives_in_any_text(before, day, joint, serial, after):
    masked = mask(f"{before} {day}{joint}{serial} {after}")
    assert serial not in masked and day not in masked


@given(AROUND, PHONES, st.sampled_from(["{0}{1}{2}{3}", "{0} {1} {2} {3}", "{0}{1} {2}{3}", "{0}.{1}.{2}.{3}", "{0}-{1}-{2}-{3}",
                                        "+45 {0} {1} {2} {3}", "0045{0}{1}{2}{3}", "tlf. {0}{1}{2}{3}"]), AROUND)
@EXAMPLES
def test_no_phone_number_survives_in_any_text(before, number, form, after):
    # The words and signs around it have no digits, so that it is no part of an amount or a case number.
    text = form.format(*re.findall("..", number))
    assert digits_in(mask(f"{before} ring {text} ! {after}")) == 0


@given(AROUND, st.from_regex(r"[45][0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]), AROUND)
@EXAMPLES
def test_no_card_number_survives_in_any_text(before, number, joint, after):
    check = next(digit for digit in "0123456789" if luhn(number + digit))
    text = joint.join(re.findall("....", number + check))
    assert digits_in(mask(f"{before} {text} {after}")) == 0


@given(AROUND, st.emails(), AROUND)
@EXAMPLES
def test_no_address_survives_in_any_text(before, address, after):
    local, _, domain = address.rpartition("@")
    masked = mask(f"{before} {address} {after}")
    assert f"@{domain}" not in masked and address not in masked


@given(st.text(max_size=200))
@EXAMPLES
def test_masked_twice_is_masked_once(text):
    assert mask(mask(text)) == mask(text)


@given(st.text(st.characters(blacklist_categories=("Cs", "Nd", "No", "Nl"), blacklist_characters="@＠﹫"), max_size=200))
@EXAMPLES
def test_a_text_without_digits_and_at_signs_stays_as_it_is(text):
    assert mask(text) == text or re.search(r"\b(at|a|snabel-?a)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("piece", [
    "1 ", "1", "+", "+1", "1-", "a", "a.", "a@", "(at)", '"', "00 ", "+45 ", "tlf ", "20 30 40 50 ", "1.", "æ ", "a at ", "4111 ", "0101",
    "tlf. 1", "[", "(", "a (at) b ",
])
def test_no_message_takes_long(piece):
    text = (piece * 1000)[:1000]
    began = time.perf_counter()
    mask(text)
    assert time.perf_counter() - began < MAX_SECONDS


@pytest.mark.parametrize("name", ["nogen@firma.example", "teams:nogen@firma.example", "+4520304050", "whatsapp:+45 20304050", "010190-1234",
                                  "010190 1234"])
def test_an_id_that_tells_a_person_is_known(name):
    assert tells_a_person(name)


@pytest.mark.parametrize("name", [
    "me", "20304050", "user-12345678", "1764088800", "0101901234", "1764088800123456789", "4111111111111111", "a program", "ask-6f1",
    "550e8400-e29b-41d4-a716-446655440000", "f0101901234e", "127.0.0.1", "2026-11-25",
])
def test_other_ids_are_taken(name):
    assert not tells_a_person(name)


def test_random_ids_are_taken():
    chance = random.Random(2026)
    assert not any(tells_a_person(str(uuid.UUID(int=chance.getrandbits(128), version=4))) for _ in range(5000))


def test_random_numbers_are_masked_wherever_they_stand():
    chance = random.Random(2026)
    for _ in range(300):
        number = f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{chance.randint(0, 99):02}-{chance.randint(0, 9999):04}"
        words = "Hvorfor er kommunen så længe om at beslutte noget ?".split()
        words.insert(chance.randrange(len(words)), number)
        assert digits_in(mask(" ".join(words))) == 0


def luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
