import { expect, it } from 'vitest';
import { outcomesFor, queuesOf, routeFor } from '../../sync-service/src/cases/routing.ts';
import { ROUTE_FACTS, tainan } from './helpers.ts';

it('the first match wins', () => {
  expect(routeFor(tainan, { ...ROUTE_FACTS, schoolYear: 108 })?.key).toBe('current-year');
  expect(routeFor(tainan, { ...ROUTE_FACTS, schoolYear: 108, level: 'initial' })?.key).toBe('initial');
  expect(routeFor({ routes: [] }, ROUTE_FACTS)).toBeNull();
});

it('a route names its queues in order', () => {
  const queues = tainan.routes.map((route) => [route.key, queuesOf(tainan, route)]);
  expect(Object.fromEntries(queues)).toEqual({
    'training-record': ['city-center'],
    initial: ['city-center'],
    'current-year': ['ministry'],
    'platform-106-107': ['platform'],
    'dispatch-105': ['city-center', 'platform'],
  });
});

it('an outcome may be bound to stages and to queues', () => {
  const outcomes = [
    { key: 'a', label: 'a', trigger: 'approved', reasonRequired: false },
    { key: 'b', label: 'b', trigger: 'rejected', reasonRequired: false, stages: ['answer-only'] },
    { key: 'c', label: 'c', trigger: 'passed', reasonRequired: false, queues: ['q2'] },
  ] as const;
  const keys = (queue: string) =>
    outcomesFor({ outcomes: structuredClone(outcomes) as never }, { kind: 'review' }, queue).map(
      ({ key }) => key,
    );
  expect(keys('q1')).toEqual(['a']);
  expect(keys('q2')).toEqual(['a', 'c']);
});
