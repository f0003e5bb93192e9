"""What a question means: language, entities, periods, numbers and intents. Pure; the morpheme analyser is passed in."""
