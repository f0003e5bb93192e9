"""`kstock chat`: questions and answers."""

import click

from servers.commands.options import client_options, client_sections

EPILOG = """\b
Examples:
  kstock chat                                        ask at a prompt
  kstock chat "삼성전자 지금 얼마야?"                one question, one answer
  kstock chat "그럼 외국인 수급은?" --conversation 3f6a
  kstock chat "오늘 VCP 시그널 상위 5개" --json      the events of the API
"""


_ROOMS = ("market", "scanner", "signal", "chat")


@click.command("chat", epilog=EPILOG)
@click.argument("question", required=False)
@click.option("--conversation", metavar="ID", default="", help="Continue a conversation, so that 그 종목 is understood.")
@client_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    question: str | None,
    conversation: str,
    server: str | None,
    token: str | None,
    tls: bool,
    as_json: bool,
) -> None:
    """Ask about prices and signals in Korean or English; without a question, at a prompt."""
    from bots.console.chat import ChatWishes, run_chat
    from bots.console.screen import Screen
    from servers.commands.client import run_client
    from servers.commands.invocation import invocation

    call = invocation(ctx, quiet=True, sections=client_sections(server=server, token=token, tls=tls))
    wishes, screen = ChatWishes(question=question, conversation=conversation), Screen(as_json=as_json)
    run_client(call, lambda connection: run_chat(connection.channel, wishes, screen), rooms=_ROOMS)
