"""OPI Advisor: how private and public partners differ in OPI projects, as a knowledge base that answers."""
