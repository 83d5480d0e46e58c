package dev.saccade.ledger.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.Urgency;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Queue;

class JobQueuesTest {

    @Test
    void eachUrgencyHasItsDurableQueue() {
        for (var kind : BrokerKind.values()) {
            var declared = JobQueues.declarables(kind);
            assertThat(declared.getDeclarablesByType(Queue.class))
                    .extracting(Queue::getName)
                    .contains("saccade.jobs.interactive", "saccade.jobs.standard", "saccade.jobs.batch");
            assertThat(declared.getDeclarablesByType(Queue.class)).allMatch(Queue::isDurable);
            assertThat(declared.getDeclarablesByType(Binding.class))
                    .filteredOn(binding -> JobQueues.EXCHANGE.equals(binding.getExchange()))
                    .extracting(Binding::getRoutingKey)
                    .containsExactly("interactive", "standard", "batch");
        }
    }

    @Test
    void embeddedBrokerGetsNoArguments() {
        assertThat(JobQueues.declarables(BrokerKind.EMBEDDED).getDeclarablesByType(Queue.class))
                .hasSize(3)
                .allMatch(queue -> queue.getArguments().isEmpty());
    }

    @Test
    void rabbitMqGetsQuorumQueuesWithALimitAndADeadLetterQueue() {
        var queues = JobQueues.declarables(BrokerKind.RABBITMQ).getDeclarablesByType(Queue.class);

        assertThat(queues)
                .hasSize(4)
                .allSatisfy(queue -> assertThat(queue.getArguments()).containsEntry("x-queue-type", "quorum"));
        assertThat(queues)
                .filteredOn(queue -> queue.getName().equals(JobQueues.queue(Urgency.BATCH)))
                .singleElement()
                .satisfies(queue -> assertThat(queue.getArguments())
                        .containsEntry("x-delivery-limit", 20)
                        .containsEntry("x-dead-letter-exchange", "saccade.jobs.dead"));
    }
}
