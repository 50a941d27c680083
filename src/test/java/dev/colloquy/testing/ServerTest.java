package dev.colloquy.testing;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that talks HTTP with the whole server on a real PostgreSQL. All such tests share one
 * server, one database and one {@link StubModelServer}; each makes the agents and users it needs,
 * through {@link Api}.
 */
@QuarkusTest
@QuarkusTestResource(ServerDatabase.class)
@QuarkusTestResource(ServerModels.class)
@QuarkusTestResource(ServerKeys.class)
@QuarkusTestResource(ServerStreams.class)
@Stereotype
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ServerTest {}
