"""fastText (Joulin et al., arXiv:1607.01759), supervised, with word 1-2-grams and character 2-5-grams."""
import os

import fasttext

import protocol

MARK = "__label__"
SETTINGS = dict(wordNgrams=2, minn=2, maxn=5, dim=100, epoch=25, lr=0.5, bucket=200_000, seed=20261125)


def train(training, folder):
    """One thread, since with more the result is another each time."""
    lines = folder / "training.txt"
    lines.write_text("".join(f"{MARK}{line['label']} {one_line(line['text'])}\n" for line in training), encoding="utf-8")
    fasttext.train_supervised(str(lines), thread=1, verbose=1, **SETTINGS).save_model(str(folder / "model.bin"))
    os.remove(lines)


def load(folder):
    """Classify by the likeliest label."""
    model = fasttext.load_model(str(folder / "model.bin"))

    def classify(text):
        labels, chances = model.predict(one_line(text), k=-1)
        scores = {label[len(MARK):]: float(chance) for label, chance in zip(labels, chances)}
        return protocol.best(scores), scores

    return classify


def one_line(text):
    """The text as fastText wants it, in small letters."""
    return " ".join(text.lower().split())


if __name__ == "__main__":
    protocol.run(train, load)
