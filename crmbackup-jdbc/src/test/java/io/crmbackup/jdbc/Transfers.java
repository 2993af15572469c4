package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Clients that move money from one account to another all the time, so that the sum of all balances never changes. */
final class Transfers implements AutoCloseable {
    private static final int CLIENTS = 3;

    private final TestDatabase database;
    private final int accounts;
    private final List<String> tables;
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<CompletableFuture<Void>> clients;
    private long committed;
    private volatile boolean ended;

    /**
     * Begins to move money.
     *
     * @param accounts each table has rows with the ids from 1 to this, and a column {@code balance}
     */
    Transfers(TestDatabase database, int accounts, String... tables) {
        this.database = database;
        this.accounts = accounts;
        this.tables = List.of(tables);
        this.clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> CompletableFuture.runAsync(() -> transfer(new Random(client)), threads))
                .toList();
    }

    /** Returns when a transfer has been committed that began after this was called; fails if the clients did. */
    synchronized void awaitNext() throws InterruptedException {
        // Those that are under way already, one a client at most, don't count.
        long enough = committed + CLIENTS + 1;
        while (committed < enough) {
            clients.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
            wait(100);
        }
    }

    private void transfer(Random random) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (!ended) {
                transfer(connection, random);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a client of the database failed", e);
        }
    }

    private void transfer(Connection connection, Random random) throws SQLException {
        int amount = random.nextInt(50);
        try {
            Dialect.execute(connection, update(random, -amount));
            Dialect.execute(connection, update(random, amount));
            connection.commit();
        } catch (SQLException e) {
            // A deadlock of two transfers is no concern of a backup.
            connection.rollback();
            return;
        }
        synchronized (this) {
            committed++;
            notifyAll();
        }
    }

    private String update(Random random, int amount) {
        return "UPDATE " + tables.get(random.nextInt(tables.size())) + " SET balance = balance + " + amount
                + " WHERE id = " + (1 + random.nextInt(accounts));
    }

    /** Ends the clients; fails if one of them has failed. */
    @Override
    public void close() {
        ended = true;
        threads.shutdown();
        clients.forEach(CompletableFuture::join);
    }
}
