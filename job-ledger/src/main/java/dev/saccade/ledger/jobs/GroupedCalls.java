package dev.saccade.ledger.jobs;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Has calls that come while others are at the database made together: one statement, one commit. A call that comes alone goes
 * at once and alone, so that nobody waits for company. Where a group fails for what is in it, each call is made again by
 * itself: nobody fails for another's sake. A call inside a transaction is part of that, and of no group.
 *
 * @param <A> what a call is given
 * @param <R> what it answers
 */
final class GroupedCalls<A, R> {

    private static final int MOST_IN_A_GROUP = 64;

    /** Classes of SQLSTATE that another call would meet as well: no connection, no resources, a server that stops. */
    private static final Set<String> EVERYBODYS = Set.of("08", "53", "57", "58");

    private final Function<A, UUID> subject;
    private final Function<List<A>, List<R>> work;
    private final Queue<Call<A, R>> waiting = new ArrayDeque<>();
    private final Semaphore turn = new Semaphore(1, true);

    /**
     * @param subject what a call is about: no two in a group are about the same
     * @param work makes calls in one statement and answers in their order; thread-safe
     */
    GroupedCalls(Function<A, UUID> subject, Function<List<A>, List<R>> work) {
        this.subject = subject;
        this.work = work;
    }

    /** Throws what the work throws. */
    R call(A argument) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.apply(List.of(argument)).getFirst();
        }
        var mine = new Call<A, R>(argument);
        synchronized (waiting) {
            waiting.add(mine);
        }
        turn.acquireUninterruptibly();
        try {
            while (!mine.taken) {
                makeTogether(next());
            }
        } finally {
            turn.release();
        }
        return mine.answer();
    }

    /** Calls that nobody has taken yet. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** In the order in which they came. */
    private List<Call<A, R>> next() {
        synchronized (waiting) {
            var group = new ArrayList<Call<A, R>>();
            var subjects = new HashSet<UUID>();
            for (var call = waiting.peek();
                    call != null && group.size() < MOST_IN_A_GROUP && subjects.add(subject.apply(call.argument));
                    call = waiting.peek()) {
                waiting.remove();
                call.taken = true;
                group.add(call);
            }
            return group;
        }
    }

    private void makeTogether(List<Call<A, R>> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            var answers = work.apply(group.stream().map(call -> call.argument).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result.complete(answers.get(i));
            }
        } catch (RuntimeException | Error failure) {
            if (group.size() == 1 || isEverybodys(failure)) {
                group.forEach(call -> call.result.completeExceptionally(failure));
            } else {
                group.forEach(call -> makeTogether(List.of(call)));
            }
        }
    }

    private static boolean isEverybodys(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                var state = sql.getSQLState();
                return state == null || state.length() < 2 || EVERYBODYS.contains(state.substring(0, 2));
            }
        }
        return failure instanceof Error;
    }

    private static final class Call<A, R> {

        private final A argument;
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private volatile boolean taken;

        Call(A argument) {
            this.argument = argument;
        }

        R answer() {
            try {
                return result.join();
            } catch (CompletionException e) {
                switch (e.getCause()) {
                    case RuntimeException thrown -> throw thrown;
                    case Error thrown -> throw thrown;
                    case null, default -> throw e;
                }
            }
        }
    }
}
