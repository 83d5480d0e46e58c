package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.saccade.ledger.TestLedger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;

class GroupedCallsTest {

    private record Call(UUID subject, int number) {
        static Call of(int number) {
            return new Call(new UUID(0, number), number);
        }
    }

    private final List<List<Call>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final GroupedCalls<Call, Integer> calls = new GroupedCalls<>(Call::subject, this::work);

    /** Negative numbers wait for the door, 13 is nobody's number, 57 takes the server down. */
    private List<Integer> work(List<Call> group) {
        groups.add(group);
        if (group.stream().anyMatch(call -> call.number() < 0)) {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (group.stream().anyMatch(call -> call.number() == 13)) {
            throw new DataIntegrityViolationException("13", new SQLException("13", "23514"));
        }
        if (group.stream().anyMatch(call -> call.number() == 57)) {
            throw new UncategorizedSQLException("", "", new SQLException("gone", "57P01"));
        }
        return group.stream().map(call -> call.number() * 10).toList();
    }

    @Test
    void aCallThatComesAloneGoesAlone() {
        assertThat(calls.call(Call.of(1))).isEqualTo(10);
        assertThat(groups).containsExactly(List.of(Call.of(1)));
    }

    @Test
    void callsThatComeMeanwhileAreMadeTogetherInTheirOrder() throws Exception {
        var answers = whileTheDoorIsClosed(List.of(Call.of(1), Call.of(2), Call.of(3)));

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(10, 20, 30);
        assertThat(groups).hasSize(2).contains(List.of(Call.of(1), Call.of(2), Call.of(3)));
    }

    @Test
    void whatOneCallDoesWrongIsNotTheOthers() throws Exception {
        var answers = whileTheDoorIsClosed(List.of(Call.of(1), Call.of(13), Call.of(3)));

        assertThat(answers.get(0).get()).isEqualTo(10);
        assertThat(answers.get(2).get()).isEqualTo(30);
        assertThatThrownBy(() -> answers.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aServerThatIsGoneIsNotAskedAgainForEachCall() throws Exception {
        var answers = whileTheDoorIsClosed(List.of(Call.of(1), Call.of(57), Call.of(3)));

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThatThrownBy(answer::get).hasCauseInstanceOf(UncategorizedSQLException.class));
        assertThat(groups).hasSize(2);
    }

    @Test
    void twoAboutTheSameAreInDifferentGroups() throws Exception {
        var same = new Call(Call.of(1).subject(), 5);
        var answers = whileTheDoorIsClosed(List.of(Call.of(1), Call.of(2), same, Call.of(3)));

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(10, 20, 50, 30);
        assertThat(groups).contains(List.of(Call.of(1), Call.of(2)), List.of(same, Call.of(3)));
    }

    @Test
    void insideATransactionACallBelongsToThat() {
        var answered = TestLedger.shared().transaction().execute(status -> {
            var thread = Thread.currentThread();
            var mine = new GroupedCalls<Call, Boolean>(
                    Call::subject, group -> List.of(Thread.currentThread() == thread && group.size() == 1));
            return mine.call(Call.of(1));
        });
        assertThat(answered).isTrue();
    }

    /** The group that is under way is held up until all calls wait behind it. */
    private List<CompletableFuture<Integer>> whileTheDoorIsClosed(List<Call> waiting) {
        var blocker = start(Call.of(-1));
        await().until(() -> groups.size() == 1);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (Call call : waiting) {
            int before = calls.waiting();
            answers.add(start(call));
            await().until(() -> calls.waiting() == before + 1);
        }
        open.countDown();
        answers.forEach(answer -> answer.exceptionally(failure -> 0).join());
        blocker.join();
        return answers;
    }

    private CompletableFuture<Integer> start(Call call) {
        var answer = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(calls.call(call));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
