package io.crmbackup.systemtests;

import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Another target that tells what is done to it, and can be made to go wrong. */
class WrappedTarget implements Target {
    private final Target target;
    final List<String> calls = new ArrayList<>();

    WrappedTarget(Target target) {
        this.target = target;
    }

    /** What is written instead of a collection. */
    RestoredCollection instead(RestoredCollection collection) throws IOException {
        return collection;
    }

    /** Called when the restore is finished. */
    void finished() throws IOException {}

    /** Called when others are kept from writing. */
    void holding() throws IOException {}

    /** What is noted instead. */
    List<String> notes(List<String> notes) {
        return notes;
    }

    /** Called before the restore is finished. */
    void finishing() throws IOException {}

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) throws IOException {
        calls.add("open");
        TargetSession session = target.open(attributes, collections);
        return new TargetSession() {
            @Override
            public TargetPreview preview() throws IOException {
                calls.add("preview");
                return session.preview();
            }

            @Override
            public Optional<Source> hold() throws IOException {
                calls.add("hold");
                Optional<Source> held = session.hold();
                holding();
                return held;
            }

            @Override
            public Optional<Source> staged() throws IOException {
                Optional<Source> staged = session.staged();
                staged.ifPresent(any -> calls.add("staged"));
                return staged;
            }

            @Override
            public void begin() throws IOException {
                calls.add("begin");
                session.begin();
            }

            @Override
            public WriteResult write(RestoredCollection collection) throws IOException {
                calls.add("write " + collection.name());
                return session.write(instead(collection));
            }

            @Override
            public void finish() throws IOException {
                calls.add("finish");
                finishing();
                session.finish();
                finished();
            }

            @Override
            public Optional<TargetChanges> changes() {
                return session.changes();
            }

            @Override
            public List<String> notes() {
                return WrappedTarget.this.notes(session.notes());
            }

            @Override
            public void close() throws IOException {
                calls.add("close");
                session.close();
            }
        };
    }

    @Override
    public boolean replaces() {
        return target.replaces();
    }

    @Override
    public boolean keepsOtherRecords() {
        return target.keepsOtherRecords();
    }

    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        return target.readBack(attributes);
    }

    @Override
    public Set<String> fieldsNotRestored(String collection) {
        return target.fieldsNotRestored(collection);
    }

    @Override
    public Optional<Path> directory() {
        return target.directory();
    }

    @Override
    public String toString() {
        return "wrapped " + target;
    }
}
