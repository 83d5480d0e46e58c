package dev.saccade.ledger.webhooks;

/** PENDING until the receiver has taken the message, or it is given up. */
public enum DeliveryState {
    PENDING,
    DELIVERED,
    FAILED
}
