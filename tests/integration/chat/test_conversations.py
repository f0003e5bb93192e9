"""Conversations: continued, listed, deleted for good, kept apart; repeated and crowded questions."""

import asyncio

import grpc
import pytest
from grpc.aio import AioRpcError
from kstock.chat.v1 import chat_service_pb2, conversation_pb2

from shared.market.errors import LimitExceeded, NotFound
from shared.rpc.errors import from_rpc_error
from tests.fixtures.chat_house import ChatHouse


async def turns(house: ChatHouse, conversation: str = "", **fields: object) -> chat_service_pb2.ListTurnsResponse:
    return await house.stub.ListTurns(chat_service_pb2.ListTurnsRequest(conversation_id=conversation, **fields))


async def test_turns_are_listed_as_they_were_said(house: ChatHouse):
    first, second = await house.talk("기아 현재가", "외국인은?")
    listed = (await turns(house, first.done.conversation_id)).turns
    assert [turn.role for turn in listed] == [conversation_pb2.TURN_ROLE_USER, conversation_pb2.TURN_ROLE_ASSISTANT] * 2
    assert [turn.text for turn in listed] == ["기아 현재가", first.text, "외국인은?", second.text]
    assert listed[1].blocks[0].WhichOneof("content") == "quote_card"
    assert (await turns(house)).turns[0].conversation_id == first.done.conversation_id


async def test_only_the_last_ten_turns_are_kept(house: ChatHouse):
    replies = await house.talk(*["기아 현재가"] * 12)
    listed = (await turns(house, replies[0].done.conversation_id)).turns
    assert len(listed) == 20
    assert listed[0].turn_id == replies[2].done.turn_id


async def test_turns_come_page_by_page_from_the_newest(house: ChatHouse):
    replies = await house.talk("기아 현재가", "거래량은?", "외국인은?")
    conversation = replies[0].done.conversation_id
    page = await turns(house, conversation, page_size=2)
    older = await turns(house, conversation, page_size=2, page_token=page.next_page_token)
    assert [turn.turn_id for turn in page.turns[::2]] == [replies[1].done.turn_id, replies[2].done.turn_id]
    assert [turn.turn_id for turn in older.turns[::2]] == [replies[0].done.turn_id]
    assert not older.next_page_token


async def test_deletion_is_real_and_ends_the_memory(house: ChatHouse):
    reply = await house.ask("기아 현재가")
    conversation = reply.done.conversation_id
    deleted = await house.stub.DeleteConversation(chat_service_pb2.DeleteConversationRequest(conversation_id=conversation))
    assert deleted.deleted_count == 1
    with pytest.raises(AioRpcError) as refused:
        await house.ask("외국인은?", conversation_id=conversation)
    assert isinstance(from_rpc_error(refused.value), NotFound)
    assert (await turns(house)).turns == []


async def test_deleting_without_an_id_deletes_all_of_the_caller(house: ChatHouse):
    await house.ask("기아 현재가")
    await house.ask("카카오 현재가")
    deleted = await house.stub.DeleteConversation(chat_service_pb2.DeleteConversationRequest())
    assert deleted.deleted_count == 2


async def test_what_is_deleted_is_not_repeated_under_its_key(house: ChatHouse):
    first = await house.ask("기아 현재가", idempotency_key="k1")
    await house.stub.DeleteConversation(chat_service_pb2.DeleteConversationRequest())
    second = await house.ask("기아 현재가", idempotency_key="k1")
    assert second.done.conversation_id != first.done.conversation_id
    assert not second.events[0].opened.attached


async def test_another_users_conversation_does_not_exist(house: ChatHouse):
    reply = await house.ask("기아 현재가", user_ref="alice")
    with pytest.raises(AioRpcError) as refused:
        await house.ask("외국인은?", conversation_id=reply.done.conversation_id, user_ref="bob")
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert (await turns(house, user_ref="bob")).turns == []
    assert len((await turns(house, user_ref="alice")).turns) == 2


async def test_an_unknown_conversation_is_not_found(house: ChatHouse):
    with pytest.raises(AioRpcError) as refused:
        await house.ask("기아 현재가", conversation_id="0" * 24)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_an_id_that_is_none_is_named(house: ChatHouse):
    with pytest.raises(AioRpcError) as refused:
        await house.ask("기아 현재가", conversation_id="이상한 대화")
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "conversation_id" in (refused.value.details() or "")


async def test_the_same_key_attaches_to_the_same_answer(house: ChatHouse):
    first, again = await asyncio.gather(
        house.ask("기아 현재가", idempotency_key="k1"), house.ask("기아 현재가", idempotency_key="k1")
    )
    later = await house.ask("기아 현재가", idempotency_key="k1")
    assert first.done == again.done == later.done
    assert [reply.events[0].opened.attached for reply in (first, again, later)].count(True) == 2
    assert len((await turns(house, first.done.conversation_id)).turns) == 2


async def test_of_fifty_questions_at_once_four_are_taken_and_the_others_told_to_wait(house: ChatHouse):
    answers = await asyncio.gather(*(house.ask("기아 현재가") for _ in range(50)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, AioRpcError)]
    assert len(answers) - len(refused) >= 4
    assert refused
    assert all(isinstance(from_rpc_error(error), LimitExceeded) for error in refused)


async def test_questions_of_different_users_do_not_wait_for_each_other(house: ChatHouse):
    replies = await asyncio.gather(*(house.ask("기아 현재가", user_ref=f"user{number}") for number in range(20)))
    assert all("기아(000270)" in reply.lines[0] for reply in replies)


async def test_a_language_that_is_unknown_is_refused(house: ChatHouse):
    with pytest.raises(AioRpcError) as refused:
        await house.ask("기아 현재가", language="fr")
    assert "language" in (refused.value.details() or "")


async def test_a_wished_language_wins_over_that_of_the_question(house: ChatHouse):
    reply = await house.ask("기아 현재가", language="en")
    assert "Kia (기아, 000270)" in reply.lines[0]


async def test_a_caller_who_leaves_stops_his_question_and_frees_his_place(house: ChatHouse):
    for _ in range(6):
        call = house.stub.Converse(chat_service_pb2.ConverseRequest(text="기아 현재가"))
        await call.read()
        call.cancel()
    reply = await house.ask("기아 현재가")
    assert "기아(000270)" in reply.lines[0]
