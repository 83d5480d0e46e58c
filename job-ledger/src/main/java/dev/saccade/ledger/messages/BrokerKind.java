package dev.saccade.ledger.messages;

/** What {@code saccade.broker.kind} may be: it decides how queues are declared, never what is retried. */
public enum BrokerKind {
    /** RabbitMQ 3.10 or newer: quorum queues with a delivery limit and dead-lettering as a backstop. */
    RABBITMQ,
    /** The quickstart's Apache Qpid: plain durable queues. */
    EMBEDDED
}
