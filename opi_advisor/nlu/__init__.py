"""How a message is read: plain text and numbers in here, and thin Rasa components around them."""
