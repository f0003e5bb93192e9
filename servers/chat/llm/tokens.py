"""How many tokens a text will be, before a model has counted them."""

import json

from servers.chat.llm.port import FunctionResults, Message, ModelMessage, ModelRequest, TokenCount, UserMessage

_CHARACTERS_PER_TOKEN = 1.5
"""Korean needs about one token for one to two characters, English for four: this errs on the dear side."""

_PER_MESSAGE = 8


def expected_tokens(request: ModelRequest) -> TokenCount:
    """The most that one turn can take: everything that is sent, and all that the model may write."""
    declared = json.dumps([dict(function.parameters) for function in request.functions])
    described = "".join(function.name + function.description for function in request.functions)
    sent = len(request.system) + len(declared) + len(described) + sum(len(_text(one)) for one in request.messages)
    overhead = _PER_MESSAGE * (len(request.messages) + len(request.functions) + 1)
    return TokenCount(input_tokens=tokens_of(sent) + overhead, output_tokens=request.max_output_tokens)


def tokens_of(characters: int) -> int:
    """Tokens of so many characters."""
    return int(characters / _CHARACTERS_PER_TOKEN) + 1


def _text(message: Message) -> str:
    match message:
        case UserMessage(text=text):
            return text
        case ModelMessage(text=text, calls=calls):
            return text + "".join(call.name + json.dumps(dict(call.arguments), default=str) for call in calls)
        case FunctionResults(results=results):
            return "".join(result.text for result in results)
