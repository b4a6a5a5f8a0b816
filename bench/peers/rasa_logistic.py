"""Rasa's LogisticRegressionClassifier on the words and character n-grams of Rasa's default pipeline."""
import rasa_pipeline

PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "LogisticRegressionClassifier"},
]

if __name__ == "__main__":
    rasa_pipeline.run(PIPELINE)
