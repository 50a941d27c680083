/**
 * The providers that are reached over HTTP, through LangChain4j: all of them in one package, since
 * they share the transport and differ in little else.
 *
 * <p>May use {@code model} and LangChain4j. Start reading at {@link
 * dev.colloquy.model.langchain.OpenAiProvider}, then {@link
 * dev.colloquy.model.langchain.ProviderHttp}.
 */
@NullMarked
package dev.colloquy.model.langchain;

import org.jspecify.annotations.NullMarked;
