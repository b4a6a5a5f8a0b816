"""TF-IDF of word 1-2-grams and a linear support vector machine, from scikit-learn. The scores are its margins."""
import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import protocol

SEED = 20261125


def train(training, folder):
    """Learn, and keep the model compressed."""
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(random_state=SEED))
    model.fit([line["text"] for line in training], [line["label"] for line in training])
    joblib.dump(model, folder / "model.joblib", compress=3)


def load(folder):
    """Classify by the largest margin."""
    model = joblib.load(folder / "model.joblib")

    def classify(text):
        scores = dict(zip(model.classes_, model.decision_function([text])[0].tolist()))
        return protocol.best(scores), scores

    return classify


if __name__ == "__main__":
    protocol.run(train, load)
